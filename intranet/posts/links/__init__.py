"""The card below a post: of the first page that it links to, or of the post of ours that it links to."""
