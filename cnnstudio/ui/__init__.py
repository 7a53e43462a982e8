"""The screens. One file a page, one a widget; what they show comes from values and workers."""
