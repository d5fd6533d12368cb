package structure

// prose finds the enumerations made in running text.
func (r *reader) prose() []found { return nil }

// nest copies inner enumerations into those that hold them.
func (r *reader) nest(all []found) {}
