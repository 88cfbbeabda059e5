"""One file a group of commands of `pincite`: each reads its options, asks another room, prints."""
