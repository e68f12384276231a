"""What a notebook calls: each module knows both the study and the measure."""
