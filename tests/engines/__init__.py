"""The same queries on the engines that users grow into."""
