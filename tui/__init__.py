"""The inspector in the terminal. It knows the engine by its facade, its data classes, its events and its errors."""
