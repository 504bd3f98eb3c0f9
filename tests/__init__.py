"""The tests of Embedscope: core, gui (offscreen), e2e (a real window), bench."""
