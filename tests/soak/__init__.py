"""The soak: real kernels, servers and locks, with faults at random; `make soak`."""
