"""What a store has to bear: kills, readers beside a writer. Quick in the suite, long as scripts."""
