"""The parts of benchmarks/small_data.py: films, draws by patient, what is trained, options, tables."""
