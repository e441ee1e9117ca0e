"""What the use-cases ask of the outside: one small port a family. Adapters: ``credit.graph`` and ``credit.cache``."""

from credit.ports.evidence import Entry, EvidenceReader, EvidenceWriter
from credit.ports.exports import PenaltyReader
from credit.ports.kept import Callers, Job, KeptReplies
from credit.ports.machine import Clock, Hasher, Signer
from credit.ports.matters import MatterBrowser, MatterReader, MatterWriter
from credit.ports.merging import Alike, Entered, MergeBrowser, MergeReader, MergeWriter, Stated, TwinFinder
from credit.ports.reading import Browser, CurrentFacts, FactReader, FeedBrowser, NameFinder, PublicationBrowser
from credit.ports.revisions import Doubt, Generations, Revisions
from credit.ports.writing import HeldParty, PartyWriter, ProjectWriter, RecordWriter, Writes, WriteUnit

__all__ = [
    "Alike",
    "Browser",
    "Callers",
    "Clock",
    "CurrentFacts",
    "Doubt",
    "Entered",
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
    "MergeBrowser",
    "MergeReader",
    "MergeWriter",
    "NameFinder",
    "PartyWriter",
    "PenaltyReader",
    "ProjectWriter",
    "PublicationBrowser",
    "RecordWriter",
    "Revisions",
    "Signer",
    "Stated",
    "TwinFinder",
    "WriteUnit",
    "Writes",
]
