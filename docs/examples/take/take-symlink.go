// Takes a lock that is a symbolic link, and holds it until standard input ends. Killed, it leaves it behind.
package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	path := os.Args[1]
	target := fmt.Sprint(os.Getpid())
	fmt.Println("waiting")
	for {
		err := os.Symlink(target, path) // lock
		if err == nil {
			break
		}
		if !os.IsExist(err) {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		time.Sleep(100 * time.Millisecond)
	}
	defer os.Remove(path)
	fmt.Println("inside")
	io.Copy(io.Discard, os.Stdin)
}
