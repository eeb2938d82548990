"""What a player needs: the one place that signs, and the surfaces that ask it."""
