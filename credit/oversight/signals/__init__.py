"""The sixteen signals of DOMAIN §7.3: named hints with their evidence, none of which restricts anyone.

One module a group: `rulings` (1, 14–16), `withdrawals` (2, 3, 12), `bidding` (4, 5, 13), `spread` (6, 10, 11),
`likeness` (7), `ties` (8, 9). `evidence` says what they rest on, `signal` what they say.
"""
