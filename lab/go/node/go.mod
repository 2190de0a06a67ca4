module holdfast.dev/lab/node

go 1.25.0
