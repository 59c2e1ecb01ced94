// Takes a lock that is a hard link, and holds it until standard input ends. Killed, it leaves it behind.
package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	path := os.Args[1]
	own := fmt.Sprintf("%s.%d", path, os.Getpid())
	if err := os.WriteFile(own, nil, 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("waiting")
	for {
		err := os.Link(own, path) // lock
		if err == nil {
			break
		}
		if !os.IsExist(err) {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		time.Sleep(100 * time.Millisecond)
	}
	os.Remove(own)
	defer os.Remove(path)
	fmt.Println("inside")
	io.Copy(io.Discard, os.Stdin)
}
