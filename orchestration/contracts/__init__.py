"""The data contracts: from a file in ``data_contracts/`` to column types, row rules and expectations.

Belongs here: reading a contract (``odcs``, ``load``), its shape (``model``), the gate that judges deliveries
by it (``suite``). Does not belong here: files of the landing folder, SQL over rows, indicators.
"""
