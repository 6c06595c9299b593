"""One plugin of each kind for packsight."""
