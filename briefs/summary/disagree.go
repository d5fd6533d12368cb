package summary

func (w *work) disagreements(words int) []item { return nil }
