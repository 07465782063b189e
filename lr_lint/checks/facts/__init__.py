"""Facts that rules ask about besides the judgement: shapes of callables, life cycles, orders of steps."""
