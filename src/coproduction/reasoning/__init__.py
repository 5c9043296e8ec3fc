"""What follows: the rules of inference, HermiT, and why statements cannot be true together."""
