"""Where items come from: one inspection round, one appraisal, one meeting, one work plan."""
