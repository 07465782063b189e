"""Text and settings: from bytes and paths to source files, without any knowledge of schedules."""
