"""Facts kept for the next look-up, and how it is known that they still hold.

A cached fact serves only while every party that it was gathered from is read as untouched, in the same request, from a
table that all writing processes share. The table has a number that grows with every write, and a slot for each party
(parties share slots, which costs a needless read now and then and keeps the table small):

* before its commit a write takes the next number and puts ``-number`` into the slots of the parties it touches;
* after the commit, and before it is acknowledged, it takes another and puts that into them: released.

Facts bear as their stamp the number that stood before they were gathered, so they hold as long as no slot of their
parties is negative or above the stamp. A write whose process died between the two leaves its slots in doubt; the next
write that commits after it knows that the dead one is decided and raises ``floor``: stamps below it count for nothing,
and neither do doubts below it.

The table is a file that the processes of one machine map (`credit.cache.table`), or lies in Redis
(`credit.cache.shared`), which may be killed, emptied, slow or brought back with old data; that module says why such a
table is never believed. Verdicts are never kept: they change with the day and with the law.
"""
