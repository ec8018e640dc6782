@echo off
rem Serve pages (waitress) and run the scheduler until this window is closed or Ctrl-C is pressed.
chcp 65001 >nul
setlocal
set "HOME_FOLDER=%~dp0"
if not exist "%HOME_FOLDER%current.txt" (
  echo 这里还没有安装，请先运行 install.bat / not installed here, run install.bat first
  exit /b 1
)
set /p VERSION=<"%HOME_FOLDER%current.txt"
set "PYTHONUTF8=1"
set "TRACKER_DATA_DIR=%HOME_FOLDER%data"
if not defined TRACKER_ADDRESS set "TRACKER_ADDRESS=0.0.0.0:8000"
cd /d "%HOME_FOLDER%releases\%VERSION%" || exit /b 1
.venv\Scripts\python.exe -m tracker.cli.serve
