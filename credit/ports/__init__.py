"""What the use-cases ask of the outside: one small port a family. Adapters: ``credit.graph`` and ``credit.cache``."""

from credit.ports.evidence import Entry, EvidenceReader, EvidenceWriter
from credit.ports.exports import PenaltyReader
from credit.ports.kept import Callers, Job, KeptReplies
from credit.ports.machine import Clock, Hasher, Signer
from credit.ports.matters import MatterBrowser, MatterReader, MatterWriter
from credit.ports.reading import Browser, CurrentFacts, FactReader, FeedBrowser, NameFinder, PublicationBrowser
from credit.ports.revisions import Doubt, Generations, Revisions
from credit.ports.writing import HeldParty, PartyWriter, ProjectWriter, RecordWriter, Writes, WriteUnit

__all__ = [
    "Browser",
    "Callers",
    "Clock",
    "CurrentFacts",
    "Doubt",
    "Entry",
    "EvidenceReader",
    "EvidenceWriter",
    "FactReader",
    "FeedBrowser",
    "Generations",
    "Hasher",
    "HeldParty",
    "Job",
    "KeptReplies",
    "MatterBrowser",
    "MatterReader",
    "MatterWriter",
    "NameFinder",
    "PartyWriter",
    "PenaltyReader",
    "ProjectWriter",
    "PublicationBrowser",
    "RecordWriter",
    "Revisions",
    "Signer",
    "WriteUnit",
    "Writes",
]
