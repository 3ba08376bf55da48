"""Faces: what people and programs see. No rules of their own."""
