"""What an attacker could try, and what stops it; ``docs/security.md`` names the test of each."""
