"""Extensions: asked for before the date, decided by office and leader, each with an explicit date."""
