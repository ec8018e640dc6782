"""Reading archives, what stands in the way of one, and all that goes into it."""

from tracker.archives.queries.archives import (
    ArchiveFilter,
    count_filed,
    count_files,
    find_archived,
    find_numbered,
    find_present,
    get_archive,
    get_file,
    hold_items,
    list_asked,
    list_open,
    list_papers,
    list_rows,
    reads_all,
    select_archives,
    select_folders,
)
from tracker.archives.queries.material import Material, load_material

__all__ = [
    "ArchiveFilter",
    "Material",
    "count_filed",
    "count_files",
    "find_archived",
    "find_numbered",
    "find_present",
    "get_archive",
    "get_file",
    "hold_items",
    "list_asked",
    "list_open",
    "list_papers",
    "list_rows",
    "load_material",
    "reads_all",
    "select_archives",
    "select_folders",
]
