def run(data, report, name, only):
    pass
