from tools.lab import main

main()
