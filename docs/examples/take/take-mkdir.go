// Takes a lock directory, and holds it until standard input ends. Killed, it leaves it behind.
package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	path := os.Args[1]
	fmt.Println("waiting")
	for {
		err := os.Mkdir(path, 0o755) // lock
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
