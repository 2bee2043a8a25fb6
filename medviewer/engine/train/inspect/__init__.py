"""What is wrong with a data set before anything is trained with it. numpy and scipy; torch for a model's features."""
