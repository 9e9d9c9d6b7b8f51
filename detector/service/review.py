from fastapi import APIRouter

review = APIRouter()
