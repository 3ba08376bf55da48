"""A party's file: interview, wishes, answers, offers, decisions, consents."""
