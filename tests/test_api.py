def test_version():
    import offshell

    assert offshell.__version__ == '0.1.0'
