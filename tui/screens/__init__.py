"""The screens: each watches the app's state, hands parts of it to its widgets, and posts what a person wants."""
