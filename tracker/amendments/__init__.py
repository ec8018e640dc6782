"""Change requests (事项变更): what was issued is changed by request: old, new, reason, and who approved it."""
