"""Better models from the readers' answers: data sets, training runs, comparison, promotion, watching."""
