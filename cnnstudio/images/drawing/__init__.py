"""Drawing the sample pictures: a pen, coats of fur, cats, dogs, and the places they are in."""
