"""Nothing lost: runs that are killed, stopped, starved of disk or doubled, and what must hold afterwards."""
