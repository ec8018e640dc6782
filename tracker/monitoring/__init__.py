"""How the program itself fares: is it alive, is it ready, what do its metrics say, what must an administrator know."""
