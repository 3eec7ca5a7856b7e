"""Workers: processes of our own in which a block can hang or crash, and be ended.

    pool      (kernel)   a firing in a worker, seen from the kernel
    seats     (kernel)   who has which worker, and who waits for one
    questions (kernel)   what a block in a worker calls that only the kernel has
    process   (kernel)   one child process: started, spoken with, ended
    wire      (both)     what is said between the two, and how
    parcel    (both)     code and inputs on their way to the child
    child     (child)    the other end: runs one firing after the other
    lifeline  (child)    ends the child and all it started when the kernel is gone
    modules   (child)    finds the user's own modules, and forgets them when they change

Code travels from the kernel to its child only. What comes back is text and codec data:
a worker that has been taken over can tell lies, and do no more than that.
"""
