"""Packs as files to take along: PPTX, DOCX, PDF and XLSX with the same tables, figures and words.

formats.py is the door. The libraries behind it are large, so nothing is imported before a file is asked for.
"""
