"""An OpenSearch cluster as a second home of generations: its client, its indexes, how they are fed."""
