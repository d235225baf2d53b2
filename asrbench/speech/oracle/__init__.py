"""What is right: the whole recognizer in NumPy, one file for each file of native/speech.

Written for reading. The stages are functions of values with the names and shapes of their native
twins: `log_mel.log_mel`, `encoder.encode`, `decoder.logits`, `search.greedy`,
`recognizer.transcribe`; `model.Model` holds what they need.
"""
