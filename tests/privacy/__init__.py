"""Nothing of a patient leaves the warehouse: made-up patients everywhere, and a search of every byte elsewhere.

Belongs here: runs over such a landing folder, also runs that fail, what they leave behind, and whom they could
tell. Does not belong here: which numbers of a release are hidden, and whether a delivery is judged rightly.
"""
