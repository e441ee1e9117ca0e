"""What a bureau files: the report of a region and the document of a proposal, gathered, laid out and written.

Names of complainants stand in both before anything is decided, so both are for the office's own files and say so.
Law: 采购法 51–58, 财政部令第94号 37; DOMAIN §7.3 (nobody is named to the public before a decision).
"""
