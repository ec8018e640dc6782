"""The working calendar: holidays and make-up days (调休) from a package, corrected per day, usable offline."""
