"""The fault suite: broken deliveries, one fault each, on top of a small good base.

Belongs here: the cases by kind of fault, and what must come of each. Does not belong here: faults of the
process (crashes, full disks, two runs at once).
"""
