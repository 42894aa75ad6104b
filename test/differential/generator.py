def run(runner, report, seed, count, only):
    pass
