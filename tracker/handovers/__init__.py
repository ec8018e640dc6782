"""What one person answers for goes to another, in one screen and one commit, with a list to sign."""
