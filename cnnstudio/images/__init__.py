"""Picture files: reading, scanning a folder, health, split, kept decoded, thumbnails, samples."""
