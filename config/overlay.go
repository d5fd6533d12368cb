package config

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// overlay sets scalar keys and lists of words from the environment. Maps and
// lists of sections stand only in the file.
func overlay(c *Config, getenv func(string) string) error {
	return overlayStruct(reflect.ValueOf(c).Elem(), "", getenv)
}

func overlayStruct(v reflect.Value, path string, getenv func(string) string) error {
	var errs []error
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("yaml")
		if tag == "" || tag == "-" {
			continue
		}
		key := strings.TrimPrefix(path+"."+tag, ".")
		field := v.Field(i)
		if field.Kind() == reflect.Struct {
			errs = append(errs, flatten(overlayStruct(field, key, getenv))...)
			continue
		}
		name := variable(key)
		if value := getenv(name); value != "" {
			if err := setField(field, value); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
			}
		}
	}
	return errors.Join(errs...)
}

func setField(field reflect.Value, value string) error {
	switch field.Kind() {
	case reflect.String:
		field.SetString(value)
	case reflect.Int:
		n, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("%q is not a number: write digits", value)
		}
		field.SetInt(int64(n))
	case reflect.Slice:
		if field.Type().Elem().Kind() != reflect.String {
			return errors.New("cannot be set by environment: write it into the file")
		}
		list := []string{}
		for part := range strings.SplitSeq(value, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		field.Set(reflect.ValueOf(list))
	default:
		return errors.New("cannot be set by environment: write it into the file")
	}
	return nil
}
