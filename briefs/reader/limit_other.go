//go:build !linux

package reader

import "syscall"

func attributes() *syscall.SysProcAttr { return nil }
