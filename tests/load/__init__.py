"""Many people at once over the running program: web server, scheduler and a whole organ of ``make big``."""
